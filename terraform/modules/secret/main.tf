# A secret without a version: its value is written by a command, never by Terraform, so that no state ever holds it.

resource "aws_secretsmanager_secret" "main" {
  name        = var.name
  description = var.description
  # 0 deletes at once: an environment that is thrown away can be made again under the same name.
  recovery_window_in_days = var.enable_deletion_protection ? 30 : 0
}
