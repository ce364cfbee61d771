# Makes joint.csv: joint tests of package clubSandwich (CR2 covariance, test "HTZ") in logit, Poisson and linear models, on
# data.csv, counts.csv and panel500.csv.
#
# Run as `Rscript joint.R` in this folder with package clubSandwich (Debian: r-cran-clubsandwich); versions go to
# joint_versions.txt. Absorbed effects are dummies of R's own `glm`. Practices that move between clusters leave.
suppressMessages(library(clubSandwich))
out <- data.frame()
panels <- list(p50 = cbind(read.csv("data.csv"), read.csv("counts.csv")), p500 = read.csv("panel500.csv"))
for (panel in names(panels)) {
  d <- panels[[panel]]
  d <- d[ave(d$cluster, d$practice, FUN = function(x) length(unique(x))) == 1, ]
  if (panel == "p500") d <- d[d$practice < 250, ]
  for (model in c("logit", "linear", "pooled", "poisson")) {
    e <- d
    share <- ave(e$y, e$practice)
    if (model == "logit") e <- e[share > 0 & share < 1, ]
    right <- "exposure + factor(wave) + factor(age) + factor(gender)"
    if (model != "pooled") right <- paste(right, "+ factor(practice)")
    left <- if (model == "poisson") "count" else if (model == "linear") "z" else "y"
    if (model == "poisson") { e <- e[ave(e$count, e$practice, FUN = sum) > 0, ]; right <- paste(right, "+ offset(offset)") }
    family <- switch(model, logit = binomial, pooled = binomial, poisson = poisson, linear = gaussian)
    fit <- glm(as.formula(paste(left, "~", right)), family = family, data = e, control = glm.control(epsilon = 1e-14, maxit = 100))
    # At the maximum a glm is least squares of its working response with its working weights; both multiplied by the weights'
    # roots, CR2 is that of lm. (clubSandwich's own method for glm takes another of the roots that meet the same
    # criterion, one that is not the same for rows and for counts of equal rows.)
    named <- names(coef(fit))
    if (model != "linear") {
      maximum <- coef(fit)
      root <- sqrt(weights(fit, "working"))
      X <- root * model.matrix(fit)
      y <- root * (predict(fit) - if (model == "poisson") e$offset else 0) + root * residuals(fit, "working")
      fit <- lm(y ~ 0 + X)
      stopifnot(max(abs(coef(fit) - maximum)) < 1e-6)
    }
    V <- vcovCR(fit, cluster = e$cluster, type = "CR2")
    sets <- list(exposure = "exposure", age = grep("age", named, value = TRUE), wave = grep("wave", named, value = TRUE),
      gender_exposure = c("exposure", grep("gender", named, value = TRUE)))
    for (set in names(sets)) {
      w <- Wald_test(fit, constraints = constrain_zero(match(sets[[set]], named)), vcov = V, test = "HTZ")
      out <- rbind(out, data.frame(model = paste(panel, model, sep = "_"), set, rows = nrow(e),
        f = sprintf("%.12g", w$Fstat), terms = w$df_num, df = sprintf("%.12g", w$df_denom), p = sprintf("%.12g", w$p_val)))
    }
    cat(panel, model, "\n")
  }
}
write.csv(out, "joint.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("clubSandwich", packageVersion("clubSandwich"))), "joint_versions.txt")
