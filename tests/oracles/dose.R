# Makes dose.csv: a restricted cubic spline and categories of the exposure in a logit with a dummy per practice, on data.csv.
#
# Run as `Rscript dose.R` in this folder with packages splines and sandwich; versions go to dose_versions.txt.
# The basis is that of splines::ns (B-splines, natural at the outer knots), which spans the same curves as
# Harrell's truncated powers and shares no formula with them: tests and predictions do not depend on the basis.
library(splines)
library(sandwich)
d <- read.csv("data.csv")
knots <- c(0.4, 0.9, 1.5, 2.4)
k <- length(knots)
basis <- function(x) {
  b <- ns(x, knots = knots[2:(k - 1)], Boundary.knots = knots[c(1, k)])
  matrix(b, nrow = length(x))
}
# The straight line by itself, then what bends it: k - 2 of the k - 1 columns of ns.
design <- function(x) cbind(x, basis(x)[, 1:(k - 2), drop = FALSE])
model <- function(columns) {
  frame <- data.frame(y = d$y, columns)
  f <- reformulate(c(names(data.frame(columns)), "factor(d$wave)", "factor(d$age)", "factor(d$gender)", "factor(d$practice)"), "y")
  glm(f, family = binomial, data = frame, control = glm.control(epsilon = 1e-14, maxit = 100))
}
out <- data.frame()
keep <- function(term, quantity, value) out <<- rbind(out, data.frame(term, quantity, value = sprintf("%.15g", value)))
wald <- function(b, V, at) drop(crossprod(b[at], solve(V[at, at, drop = FALSE], b[at])))
scenario <- function(fit, V, columns, to, from = rep(0, length(columns))) {
  X <- model.matrix(fit); b <- coef(fit)
  at <- function(values) { Z <- X; for (i in seq_along(columns)) Z[, columns[i]] <- values[i]; p <- plogis(drop(Z %*% b)); list(m = mean(p), g = colMeans(p * (1 - p) * Z)) }
  hi <- at(to); lo <- at(from); g <- hi$g - lo$g
  c(hi$m - lo$m, sqrt(drop(t(g) %*% V %*% g)))
}
both <- ave(d$y, d$practice, FUN = mean); d <- d[both > 0 & both < 1, ]
x <- d$exposure
fit <- model(design(x)); V <- vcovCL(fit, cluster = d$cluster, type = "HC0", cadjust = FALSE)
at <- 2:k
keep("spline", "wald", wald(coef(fit), V, at))
keep("bend", "wald", wald(coef(fit), V, at[-1]))
zero <- design(0)
for (to in c(0.25, 0.75, 1.2, 2, 3.5)) {
  v <- drop(design(to)); b <- coef(fit)[at]; w <- v - drop(zero)
  keep(paste0("at ", to), "coefficient", sum(w * b))
  keep(paste0("at ", to), "coefficient_error", sqrt(drop(t(w) %*% V[at, at] %*% w)))
  s <- scenario(fit, V, at, v, drop(zero))
  keep(paste0("at ", to), "difference", s[1]); keep(paste0("at ", to), "difference_error", s[2])
}
# Categories: up to 1 (with none: every later wave has some), up to 2, above 2.
columns <- cbind(middle = as.numeric(x > 1 & x <= 2), high = as.numeric(x > 2))
fit <- model(columns); V <- vcovCL(fit, cluster = d$cluster, type = "HC0", cadjust = FALSE)
keep("categories", "wald", wald(coef(fit), V, 2:3))
for (level in 1:2) {
  keep(paste0("category ", level), "coefficient", coef(fit)[level + 1])
  keep(paste0("category ", level), "coefficient_error", sqrt(V[level + 1, level + 1]))
  s <- scenario(fit, V, 2:3, as.numeric(1:2 == level))
  keep(paste0("category ", level), "difference", s[1]); keep(paste0("category ", level), "difference_error", s[2])
}
write.table(out, "dose.csv", sep = ",", quote = FALSE, row.names = FALSE)
writeLines(c(R.version.string, paste("splines", packageVersion("splines")), paste("sandwich", packageVersion("sandwich"))), "dose_versions.txt")
