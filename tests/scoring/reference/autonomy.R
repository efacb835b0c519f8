# Reference numbers for gating scores, the probability that work is wanted, and bounds of rare errors.
#
#   Rscript tests/scoring/reference/autonomy.R > tests/scoring/reference/autonomy.json
#
# Needs r-base-core and r-cran-jsonlite of Debian. Writes numbers only: statistics of data sets that ship with R, never
# their rows. The tests read the file, not R.

suppressPackageStartupMessages(library(jsonlite))

# The ends of two one-sided 80 % intervals of t.test, each on its own: the gating score and the bound that keeps a level.
gating <- function(name, x) {
  list(
    set = name, n = length(x), mean = mean(x), s = sd(x),
    lower = t.test(x, conf.level = 0.80, alternative = "greater")$conf.int[1],
    upper = t.test(x, conf.level = 0.80, alternative = "less")$conf.int[2]
  )
}
percentages <- lapply(names(attitude), function(name) gating(paste("attitude", name), attitude[[name]]))
rural <- gating("swiss Agriculture", swiss$Agriculture)

# Whether a mean lies above 3: one minus the p value of a one-sided test against 3. Gears are 3, 4 or 5.
wanted <- function(name, x) {
  p <- t.test(x, mu = 3, alternative = "greater")$p.value
  list(set = name, n = length(x), mean = mean(x), s = sd(x), p_wanted = 1 - p)
}
gears <- list(
  wanted("mtcars gear", mtcars$gear),
  wanted("mtcars gear, automatic", mtcars$gear[mtcars$am == 0]),
  wanted("mtcars gear less a half, automatic", mtcars$gear[mtcars$am == 0] - 0.5),
  wanted("mtcars gear, 8 cylinders, less a quarter", mtcars$gear[mtcars$cyl == 8] - 0.25)
)

bound <- function(errors, cases) binom.test(errors, cases, alternative = "less")$conf.int[2]
bounds <- lapply(list(c(0, 59), c(1, 10), c(1, 92), c(3, 100), c(2, 473), c(5, 2000), c(9, 10)), function(one) {
  list(errors = one[1], cases = one[2], bound = bound(one[1], one[2]))
})

# The fewest cases by trying one after the other.
fewest <- function(errors, tolerance) {
  cases <- errors + 1
  while (bound(errors, cases) > tolerance) cases <- cases + 1
  list(errors = errors, tolerance = tolerance, cases = cases)
}
required <- c(
  lapply(c(0.05, 0.01, 0.002), function(tolerance) fewest(0, tolerance)),
  lapply(1:3, function(errors) fewest(errors, 0.05)), list(fewest(1, 0.01), fewest(2, 0.01))
)

cat(toJSON(list(
  versions = list(R = R.version.string),
  gating = c(percentages, list(rural)), wanted = gears, bounds = bounds, required = required
), auto_unbox = TRUE, digits = NA, pretty = 1), "\n")
