module "image" {
  source = "../image-repository"

  name                       = local.name
  enable_deletion_protection = var.enable_deletion_protection
}
