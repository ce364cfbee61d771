# The study of A&E attendances (studies/ae-attendances.yaml) from the same public files by other means: R's own reader,
# glm and sandwich. Run in the folder of the public files:  Rscript attendances.R > attendances.csv
read <- function(f, enc = "UTF-8-BOM") read.csv(f, fileEncoding = enc, check.names = FALSE, colClasses = "character")
ae <- read("hospital/fingertips_93930_ae_attendances_0_4.csv"); ae <- ae[ae[["Area Type"]] == "GPs", ]
pay <- read("payments/payments_21-22.csv"); pay <- pay[pay[["Practice type"]] == "GP practice", ]
wf <- read(Sys.glob("workforce/*December 2021*.csv"), "windows-1252")
imd <- read("deprivation/fingertips_93553_imd_practice.csv"); imd <- imd[imd$Year == "2019", ]
links <- wf$STAFF_ROLE == "Social Prescribing Link Workers"
pcns <- unique(wf$PCN_CODE)
fte <- sapply(pcns, function(p) sum(as.numeric(wf$FTE[links & wf$PCN_CODE == p])))
open <- pay[["Practice Close Date"]] == ""
lists <- tapply(as.numeric(pay[["Number of Registered Patients (Last Known Figure)"]])[open], pay[["PCN Code"]][open], sum)
row <- match(ae[["Area Code"]], pay[["Practice Code"]])
pcn <- pay[["PCN Code"]][row]; pcn[pcn == "Unknown or no PCN"] <- NA
d <- data.frame(y = as.numeric(ae$Count), n = as.numeric(ae$Denominator), pcn = pcn,
  x = fte[pcn] / as.numeric(lists[pcn]) * 50000,
  rural = pay[["Practice Rurality"]][row], imd = as.numeric(imd$Value[match(ae[["Area Code"]], imd$AreaCode)]) / 10,
  icb = wf$ICB_CODE[match(pcn, wf$PCN_CODE)])
d$rural[d$rural == "Missing"] <- NA; d$rural <- relevel(factor(d$rural), "Urban")
d <- d[complete.cases(d), ]
m <- glm(y ~ x + imd + rural + icb, poisson, d, offset = log(n), epsilon = 1e-14)
G <- length(unique(d$pcn))
library(sandwich)
v <- vcovCL(m, d$pcn, type = "HC0", cadjust = FALSE) * G / (G - 1)
b <- coef(m)[2:4]; s <- sqrt(diag(v))[2:4]
cat("# ", R.version.string, ", sandwich ", as.character(packageVersion("sandwich")), "\n", sep = "")
cat("term,coefficient,std_error,rows,clusters,groups\n")
cat(sprintf("%s,%.15g,%.15g,%d,%d,%d\n", c("exposure", "imd", "rural"), b, s, nrow(d), G, length(unique(d$icb))), sep = "")
