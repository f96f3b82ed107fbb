# Fargate's own pairs of vCPU and gigabytes; a browser has no use for the smallest.

locals {
  memory_gb_by_vcpu = {
    "0.5" = range(1, 5)
    "1"   = range(2, 9)
    "2"   = range(4, 17)
    "4"   = range(8, 31)
    "8"   = range(16, 61, 4)
    "16"  = range(32, 121, 8)
  }
}
