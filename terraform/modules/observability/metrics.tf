# Numbers that AWS does not have by itself: core/domain/metrics.ts, which says how each is read from a line of a log. The
# lines themselves make CloudWatch count them ("embedded metric format"), in this namespace.

locals {
  namespace = "Wallcrawler/${var.prefix}"
}
