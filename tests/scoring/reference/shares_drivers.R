# Reference numbers for shares, non-response, screening, trends, linking, drivers and gaps.
#
#   Rscript tests/scoring/reference/shares_drivers.R > tests/scoring/reference/shares_drivers.json
#
# Needs r-base-core, r-cran-jsonlite, r-cran-psych, r-cran-multilevel and r-cran-survey of Debian. Writes numbers only:
# statistics of data sets that ship with R and its packages, never their rows. The tests read the file, not R.

suppressPackageStartupMessages({
  library(jsonlite)
  library(survey)
})

# Shares: prop.test without continuity correction is Wilson's interval; with the finite population correction it gets
# the effective n and the same share of it. svymean's standard error is an independent way to the same n*.
wilson <- function(x, n, N = NA) {
  worth <- if (is.na(N)) n else n * (N - 1) / (N - n)
  ends <- suppressWarnings(prop.test(x / n * worth, worth, correct = FALSE)$conf.int)
  list(x = x, n = n, headcount = if (is.na(N)) NULL else N, interval = as.numeric(ends))
}
data(api)
srs <- svydesign(id = ~1, fpc = ~fpc, data = transform(apisrs, wide = as.numeric(sch.wide == "Yes")))
wide <- svymean(~wide, srs)
shares <- list(
  wilson = list(
    wilson(81, 263), wilson(15, 148), wilson(0, 20), wilson(20, 20), wilson(1, 29), wilson(1, 1), wilson(7, 10),
    wilson(7, 10, 12), wilson(0, 10, 14), wilson(10, 10, 14), wilson(9, 20, 400), wilson(30, 40, 41)
  ),
  apisrs = list(n = nrow(apisrs), headcount = 6194, share = as.numeric(coef(wide)), se = as.numeric(SE(wide))),
  upper = lapply(list(c(0, 10), c(1, 10), c(3, 100), c(2, 473), c(9, 10)), function(one) {
    bound <- binom.test(one[1], one[2], alternative = "less")$conf.int[2]
    list(errors = one[1], cases = one[2], bound = as.numeric(bound))
  })
)

# Drivers: R^2 of every subset by lm on the raw data, averaged over all orders by hand; Johnson's weights by the
# singular values of the standardised predictors, as in the paper, and not by eigenvalues as ours are.
subsets_r2 <- function(y, x) {
  sapply(0:(2^ncol(x) - 1), function(set) {
    chosen <- which(bitwAnd(set, 2^(seq_len(ncol(x)) - 1)) > 0)
    if (length(chosen) == 0) 0 else summary(lm(y ~ ., data = data.frame(y = y, x[, chosen, drop = FALSE])))$r.squared
  })
}
lmg <- function(y, x) {
  p <- ncol(x)
  r2 <- subsets_r2(y, x)
  sapply(seq_len(p), function(k) {
    bit <- 2^(k - 1)
    without <- Filter(function(set) bitwAnd(set, bit) == 0, 0:(2^p - 1))
    sum(sapply(without, function(set) {
      size <- sum(bitwAnd(set, 2^(seq_len(p) - 1)) > 0)
      factorial(size) * factorial(p - size - 1) / factorial(p) * (r2[set + bit + 1] - r2[set + 1])
    }))
  })
}
johnson <- function(y, x) {
  z <- scale(x) / sqrt(nrow(x) - 1)
  parts <- svd(z)
  nearest <- parts$u %*% t(parts$v)
  beta <- crossprod(nearest, scale(y) / sqrt(nrow(x) - 1))
  loadings <- parts$v %*% diag(parts$d, length(parts$d)) %*% t(parts$v)
  as.numeric(loadings^2 %*% beta^2)
}
driver <- function(data, outcome) {
  y <- data[[outcome]]
  x <- data[, setdiff(names(data), outcome), drop = FALSE]
  list(
    outcome = outcome, predictors = names(x), n = nrow(data), among = unname(cor(x)), with = as.numeric(cor(x, y)),
    r2 = summary(lm(y ~ ., data = data.frame(y = y, x)))$r.squared, johnson = johnson(y, x), lmg = lmg(y, x),
    smallest_eigenvalue = min(eigen(cor(x))$values)
  )
}
drivers <- list(
  mtcars_four = driver(mtcars[, c("mpg", "cyl", "disp", "hp", "gear")], "mpg"),
  mtcars = driver(mtcars, "mpg"),
  swiss = driver(swiss, "Fertility"),
  attitude = driver(attitude, "rating"),
  stackloss = driver(stackloss, "stack.loss"),
  longley = driver(longley, "Employed")
)

# Gaps: t.test's Welch, and the difference in pooled standard deviations, which psych::cohen.d calls hedges.g without
# making it smaller for small samples.
gap <- function(leaders, staff) {
  found <- t.test(leaders, staff)
  both <- data.frame(score = c(leaders, staff), group = rep(c(1, 2), c(length(leaders), length(staff))))
  part <- function(x) list(n = length(x), mean = mean(x), s = sd(x))
  list(
    leaders = part(leaders), staff = part(staff), gap = mean(leaders) - mean(staff), se = found$stderr,
    t = as.numeric(found$statistic), df = as.numeric(found$parameter), p = found$p.value,
    interval = as.numeric(found$conf.int),
    g_uncorrected = -as.numeric(psych::cohen.d(both, group = "group")$hedges.g[1, "effect"])
  )
}
gaps <- list(
  mtcars_mpg_by_am = gap(mtcars$mpg[mtcars$am == 1], mtcars$mpg[mtcars$am == 0]),
  ToothGrowth_len_by_supp = gap(ToothGrowth$len[ToothGrowth$supp == "OJ"], ToothGrowth$len[ToothGrowth$supp == "VC"]),
  sleep_extra_by_group = gap(sleep$extra[sleep$group == 2], sleep$extra[sleep$group == 1])
)

# Late responses: the months of airquality as days, a third of the temperatures at either end in whole months.
temperature <- airquality$Temp
third <- ceiling(length(temperature) / 3)
months <- sort(airquality$Month)
early <- temperature[airquality$Month <= months[third]]
late <- temperature[airquality$Month >= rev(months)[third]]
welch <- t.test(late, early)
nonresponse <- list(
  months = unname(lapply(split(temperature, airquality$Month), function(x) list(n = length(x), mean = mean(x), s = sd(x)))),
  early = length(early), late = length(late), delta = mean(late) - mean(early), se = welch$stderr,
  t = as.numeric(welch$statistic), df = as.numeric(welch$parameter), p = welch$p.value
)

# Screening: a made-up matrix that a formula gives on either side, and base R's rle, sd and mahalanobis.
people <- 60
items <- 8
made <- outer(1:people, 1:items, function(i, j) (i * i * 7 + j * j * j * 3 + i * j * 5 + (i * j) %/% 7) %% 11 %% 5 + 1)
made[outer(1:people, 1:items, function(i, j) i %% 9 == 0 & j > i %/% 9)] <- 3
group <- (1:people) %% 3
within <- made
for (one in 0:2) within[group == one, ] <- scale(made[group == one, ], scale = FALSE)
screening <- list(
  people = people, items = items, longest = apply(made, 1, function(row) max(rle(row)$lengths)),
  irv = apply(made, 1, sd), distance = mahalanobis(made, colMeans(made), cov(made)),
  distance_within = mahalanobis(within, rep(0, items), crossprod(within) / (people - 3)),
  border = qchisq(.999, items)
)

# Trends: lm with weights; its standard error is ours times the root of our scatter. power.t.test, solved more closely
# than it is by default.
monthly <- aggregate(Temp ~ Month, airquality, function(x) c(mean = mean(x), se = sd(x) / sqrt(length(x))))
line <- lm(monthly$Temp[, "mean"] ~ monthly$Month, weights = 1 / pmax(monthly$Temp[, "se"], 1)^2)
trend <- list(
  times = monthly$Month, means = as.numeric(monthly$Temp[, "mean"]), errors = as.numeric(monthly$Temp[, "se"]),
  slope = as.numeric(coef(line)[2]), intercept = as.numeric(coef(line)[1]),
  se_by_scatter = coef(summary(line))[2, "Std. Error"], sigma = summary(line)$sigma,
  detectable = lapply(c(2, 5, 8, 10, 15, 20, 30, 50, 100, 1000), function(n) {
    list(n = n, delta = power.t.test(n = n, sd = 20, power = .8, tol = 1e-13)$delta)
  })
)

# Standardisation: miles per gallon of cars with 4, 6 and 8 cylinders, "waves" by transmission.
cell <- function(am, cyl) {
  x <- mtcars$mpg[mtcars$am == am & mtcars$cyl == cyl]
  list(n = length(x), mean = mean(x))
}
share <- prop.table(table(mtcars$cyl[mtcars$am == 0]))
by <- tapply(mtcars$mpg, mtcars[c("cyl", "am")], mean)
standardised <- list(
  before = lapply(c(4, 6, 8), function(cyl) cell(0, cyl)), now = lapply(c(4, 6, 8), function(cyl) cell(1, cyl)),
  plain = mean(mtcars$mpg[mtcars$am == 1]) - mean(mtcars$mpg[mtcars$am == 0]),
  standardised = weighted.mean(by[, "1"] - by[, "0"], as.numeric(share))
)

# Linking: readiness of soldiers at two times as an old and a new form (univbct of multilevel). The error by the delta
# method with numerical derivatives of the link and the sampling variances of normal moments.
data(univbct, package = "multilevel")
soldiers <- na.omit(unique(univbct[, c("SUBNUM", "READY1", "READY2")]))
old <- soldiers$READY1
new <- soldiers$READY2
constants <- c(mean(old), sd(old), mean(new), sd(new))
link <- function(c, y) c[1] + c[2] / c[4] * (y - c[3])
r <- cor(old, new)
n <- length(old)
covariance <- matrix(0, 4, 4)
covariance[c(1, 3), c(1, 3)] <- matrix(c(constants[2]^2, r * constants[2] * constants[4],
                                         r * constants[2] * constants[4], constants[4]^2), 2) / n
covariance[c(2, 4), c(2, 4)] <- matrix(c(constants[2]^2, r^2 * constants[2] * constants[4],
                                         r^2 * constants[2] * constants[4], constants[4]^2), 2) / (2 * n)
link_error <- function(y) {
  slopes <- sapply(1:4, function(k) {
    step <- replace(numeric(4), k, 1e-5)
    (link(constants + step, y) - link(constants - step, y)) / 2e-5
  })
  as.numeric(t(slopes) %*% covariance %*% slopes)
}
linking <- list(
  n = n, mean_old = constants[1], s_old = constants[2], mean_new = constants[3], s_new = constants[4], correlation = r,
  at = lapply(c(1, 2.5, 3, 5), function(y) list(score = y, linked = link(constants, y), error = link_error(y)))
)

cat(toJSON(
  list(
    versions = list(R = R.version.string, survey = as.character(packageVersion("survey")),
                    psych = as.character(packageVersion("psych")), multilevel = as.character(packageVersion("multilevel"))),
    shares = shares, drivers = drivers, gaps = gaps, nonresponse = nonresponse, screening = screening, trend = trend,
    standardised = standardised, linking = linking
  ),
  auto_unbox = TRUE, digits = 15, pretty = 1, null = "null"
), "\n")
