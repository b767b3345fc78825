# A table that `autarky export` wrote, in base R, and against ncdf4 where that is installed.
#
# usage: Rscript export.R RECORDING.h5 TABLE.csv

arguments <- commandArgs(trailingOnly = TRUE)
table <- read.csv(arguments[2], na.strings = "", fileEncoding = "UTF-8")
table$time <- as.Date(table$time)
stopifnot(nrow(table) == length(unique(table$time)) * length(unique(table$region)))
stopifnot(is.numeric(table$real_gdp), is.numeric(table$consumer_price), !anyNA(table$consumer_price))
by_region <- tapply(table$consumer_price, table$region, mean)
stopifnot(length(by_region) == 3, all(by_region > 0.5))
if (requireNamespace("ncdf4", quietly = TRUE)) {
  file <- ncdf4::nc_open(arguments[1])
  # R's first dimension varies fastest, so values come in the order of the rows.
  for (name in c("real_gdp", "consumer_price", "unemployment_rate")) {
    stopifnot(identical(as.vector(as.numeric(ncdf4::ncvar_get(file, name))), as.numeric(table[[name]])))
  }
  stopifnot(identical(as.vector(ncdf4::ncvar_get(file, "region")), table$region[1:3]))
  cat("equal to ncdf4\n")
}
cat(nrow(table), "rows\n")
