# Makes agreement_reliability.json: reference values of agreement, polarisation, reliability and aggregation.
#
#   Rscript tests/scoring/reference/agreement_reliability.R > tests/scoring/reference/agreement_reliability.json
#
# Needs the packages psych, multilevel, lavaan, nlme and jsonlite. People's answers of the packages' data sets are not
# written, only tables of frequencies of three groups, covariances and results. The made-up answers come from a
# sequence of whole numbers that tests/scoring/sequences.py makes again, number by number.

suppressPackageStartupMessages({
  library(psych); library(multilevel); library(lavaan); library(nlme); library(jsonlite)
})
set.seed(1)

# ---- made-up answers -------------------------------------------------------------------------------------------------

sequence <- function(seed, count) {
  found <- numeric(count)
  for (i in seq_len(count)) { seed <- (16807 * seed) %% 2147483647; found[i] <- seed %% 1000 }
  found
}

# People x items; `share` tenths of an answer are the person's, `shift` is what each group has more than the one before,
# an item in `gaps` is missing. NA is a missing answer.
made <- function(seed, sizes, items, points, share, shift, gaps) {
  people <- sum(sizes)
  group <- rep(seq_along(sizes), sizes)
  numbers <- matrix(sequence(seed, people * (2 * items + 1)), nrow = people, byrow = TRUE)
  person <- pmin(999, numbers[, 1] + shift * (group - 1))
  mix <- share * person + (10 - share) * numbers[, 1 + seq_len(items), drop = FALSE]
  answers <- 1 + (mix * points) %/% 10000
  if (gaps > 0) answers[numbers[, 1 + items + seq_len(items), drop = FALSE] %% gaps == 0] <- NA
  list(answers = answers, group = group)
}

SETS <- list(
  four = list(seed = 11, sizes = c(12, 25, 40, 33, 10, 1), items = 3, points = 4, share = 5, shift = 40, gaps = 23),
  five = list(seed = 12, sizes = c(30, 60, 45, 25, 40, 2), items = 4, points = 5, share = 6, shift = 90, gaps = 19),
  seven = list(seed = 13, sizes = c(50, 50, 50, 50), items = 6, points = 7, share = 4, shift = 30, gaps = 0),
  even = list(seed = 15, sizes = c(40, 40, 40, 40, 40), items = 4, points = 5, share = 6, shift = 100, gaps = 0),
  unrelated = list(seed = 14, sizes = c(1000, 1200), items = 5, points = 5, share = 0, shift = 0, gaps = 0)
)

# ---- agreement -------------------------------------------------------------------------------------------------------

agreement <- function(answers, group, points) {
  null <- (points^2 - 1) / 12
  frame <- as.data.frame(answers)
  complete <- complete.cases(frame)
  found <- list(
    groups = sort(unique(group[complete])),
    n = rwg.j(frame, group, ranvar = null)$gsize,
    r_wg_first = rwg(frame[complete, 1], group[complete], ranvar = null)$rwg,
    r_wg_j = rwg.j(frame, group, ranvar = null)$rwg.j,
    lindell = rwg.j.lindell(frame, group, ranvar = null)$rwg.lindell,
    ad_mean = ad.m(frame, group)$AD.M,
    ad_median = ad.m(frame, group, type = "median")$AD.M
  )
  if (points == 5) found$r_wg_j_skewed <- rwg.j(frame, group, ranvar = 1.34)$rwg.j
  found
}

frequencies <- function(answers, points) lapply(answers, function(x) as.vector(table(factor(x, levels = seq_len(points)))))

# ---- polarisation ----------------------------------------------------------------------------------------------------

bimodality <- function(x) {
  x <- x[!is.na(x)]; n <- length(x)
  g1 <- psych::skew(x, type = 2); g2 <- psych::kurtosi(x, type = 2)
  list(n = n, skew = g1, kurtosis = g2, bc = (g1^2 + 1) / (g2 + 3 * (n - 1)^2 / ((n - 2) * (n - 3))))
}

# ---- reliability -----------------------------------------------------------------------------------------------------

one_factor <- function(covariance, n) {
  items <- colnames(covariance)
  model <- paste("f =~", paste(items, collapse = " + "))
  fit <- cfa(model, sample.cov = covariance, sample.nobs = n, std.lv = TRUE)
  estimates <- parameterEstimates(fit)
  loadings <- estimates$est[estimates$op == "=~"]
  errors <- estimates$est[estimates$op == "~~" & estimates$lhs == estimates$rhs & estimates$lhs != "f"]
  # Which way round the factor is says nothing; it is turned so that the loadings add up to something positive.
  list(omega = sum(loadings)^2 / (sum(loadings)^2 + sum(errors)),
       loadings = loadings * sign(sum(loadings)) * sqrt(n / (n - 1)), errors = errors * n / (n - 1))
}

# The same by factanal, whose uniquenesses are at least .005, for matrices that lavaan has no proper solution for.
bounded_factor <- function(correlation) {
  fit <- factanal(covmat = correlation, factors = 1, n.obs = 500, control = list(lower = .005, opt = list(factr = 1e4), nstart = 5))
  loadings <- as.vector(fit$loadings) * sign(sum(fit$loadings))
  list(correlation = unname(correlation), loadings = loadings, uniquenesses = unname(fit$uniquenesses),
       omega = sum(loadings)^2 / (sum(loadings)^2 + sum(fit$uniquenesses)))
}

# Data centred within groups have lost a degree of freedom for each of them.
reliability <- function(x, omega = TRUE, groups = 1) {
  x <- as.data.frame(x); names(x) <- paste0("i", seq_along(x))
  items <- ncol(x)
  a <- suppressWarnings(psych::alpha(x, check.keys = FALSE, warnings = FALSE))
  raw <- a$total$raw_alpha
  df <- nrow(x) - groups
  feldt <- c(1 - (1 - raw) * qf(.975, df, df * (items - 1)), 1 - (1 - raw) / qf(.975, df * (items - 1), df))
  found <- list(n = nrow(x), covariance = unname(cov(x)), alpha = raw, item_rest = a$item.stats$r.drop, feldt = feldt)
  if (omega) found$omega <- one_factor(cov(x), nrow(x))
  found
}

centred <- function(answers, group) apply(answers, 2, function(x) x - ave(x, group))

# ---- aggregation -----------------------------------------------------------------------------------------------------

aggregation <- function(score, group) {
  keep <- !is.na(score); score <- score[keep]; group <- factor(group[keep])
  model <- aov(score ~ group); table <- summary(model)[[1]]
  n <- as.vector(table(group)); k <- length(n)
  k0 <- (sum(n) - sum(n^2) / sum(n)) / (k - 1)
  msb <- table[1, 3]; msw <- table[2, 3]
  list(groups = k, people = sum(n), k0 = k0, msb = msb, msw = msw, f = table[1, 4], p = table[1, 5],
       icc1_mean_size = multilevel::ICC1(model), icc2 = multilevel::ICC2(model),
       icc1 = (msb - msw) / (msb + (k0 - 1) * msw))
}

# Groups of one size: there the shrunken means are the predictions of a mixed model fitted by REML.
shrunken <- function(score, group) {
  fit <- lme(score ~ 1, random = ~ 1 | group, data = data.frame(score, group = factor(group)), method = "REML")
  list(grand = unname(fixef(fit)), tau2 = as.numeric(VarCorr(fit)[1, 1]), means = as.vector(tapply(score, group, mean)),
       shrunken = unname(coef(fit)[, 1]))
}

# ---- all of it -------------------------------------------------------------------------------------------------------

sets <- lapply(SETS, function(one) {
  data <- do.call(made, one)
  complete <- complete.cases(data$answers)
  answers <- data$answers[complete, ]; group <- data$group[complete]
  half <- rowSums(!is.na(data$answers)) >= ncol(data$answers) / 2
  score <- ifelse(half, 100 * (rowMeans(data$answers, na.rm = TRUE) - 1) / (one$points - 1), NA)
  list(made = one, sum = sum(data$answers, na.rm = TRUE), missing = sum(is.na(data$answers)),
       agreement = agreement(data$answers, data$group, one$points),
       bimodality = bimodality(score), bimodality_first_item = bimodality(data$answers[, 1]),
       raw = reliability(answers, omega = one$share > 0),
       within = reliability(centred(answers, group), omega = one$share > 0, groups = length(unique(group))),
       aggregation = aggregation(score, data$group))
})
even <- do.call(made, SETS$even)
sets$even$shrunken <- shrunken(100 * (rowMeans(even$answers) - 1) / 4, even$group)

data(list = c("lq2002", "bfi", "attitude", "bh1996", "univbct"))
leadership <- lq2002[complete.cases(lq2002[, 3:13]), ]
lq <- agreement(leadership[, 3:13], leadership$COMPID, 5)
first <- sort(unique(leadership$COMPID))[1:3]
KEYS <- list(agree = c(-1, 1, 1, 1, 1), conscientious = c(1, 1, 1, -1, -1), extraversion = c(-1, -1, 1, 1, 1),
             neuroticism = rep(1, 5), openness = c(1, -1, 1, 1, -1))
big_five <- lapply(setNames(seq_along(KEYS), names(KEYS)), function(i) {
  x <- bfi[, 5 * (i - 1) + 1:5]; x <- x[complete.cases(x), ]
  for (j in which(KEYS[[i]] < 0)) x[, j] <- 7 - x[, j]
  reliability(x)
})
holzinger <- lapply(list(visual = 1:3, textual = 4:6, speed = 7:9, all = 1:9), function(i)
  reliability(HolzingerSwineford1939[, paste0("x", i)]))
correlations <- function(lower, items) {
  r <- diag(items); r[lower.tri(r)] <- lower; r[upper.tri(r)] <- t(r)[upper.tri(r)]
  dimnames(r) <- list(paste0("i", 1:items), paste0("i", 1:items)); r
}
univbct_soldiers <- univbct[!duplicated(univbct$SUBNUM), ]

result <- list(
  versions = list(R = R.version.string, psych = as.character(packageVersion("psych")),
                  multilevel = as.character(packageVersion("multilevel")),
                  lavaan = as.character(packageVersion("lavaan")), nlme = as.character(packageVersion("nlme"))),
  sets = sets,
  lq2002 = list(n = nrow(leadership), groups = length(lq$n),
                means = lapply(lq[c("r_wg_j", "lindell", "ad_mean", "ad_median", "r_wg_j_skewed")], mean),
                median_r_wg_j = median(lq$r_wg_j),
                first = lapply(first, function(g) frequencies(leadership[leadership$COMPID == g, 3:13], 5)),
                first_values = lapply(lq[names(lq) != "groups"], `[`, 1:3)),
  reliability = c(big_five, setNames(holzinger, paste0("holzinger_", names(holzinger))),
                  list(attitude = reliability(attitude))),
  heywood = list(three = bounded_factor(correlations(c(.8, .8, .5), 3)),
                 five = bounded_factor(correlations(c(.85, .8, .3, .3, .5, .3, .3, .3, .3, .3), 5))),
  bh1996 = lapply(setNames(nm = c("COHES", "LEAD", "HRS", "WBEING")), function(v) aggregation(bh1996[[v]], bh1996$GRP)),
  univbct_jobsat1 = aggregation(univbct_soldiers$JOBSAT1, univbct_soldiers$COMPANY)
)
cat(toJSON(result, auto_unbox = TRUE, digits = NA, pretty = TRUE, na = "null"), "\n")
