# One Lambda with everything that is its own: role, log group, dead letters, alarms.

locals {
  name = "${var.prefix}-${var.name}"
  zip  = "${var.package_dir}/${var.name}.zip"

  is_image = var.image_uri != null
}

resource "aws_lambda_function" "main" {
  function_name    = local.name
  role             = aws_iam_role.main.arn
  package_type     = local.is_image ? "Image" : "Zip"
  image_uri        = var.image_uri
  runtime          = local.is_image ? null : "nodejs24.x"
  architectures    = ["arm64"] # a fifth cheaper than x86_64, and nothing in the bundles is native
  handler          = local.is_image ? null : "index.handler"
  filename         = local.is_image ? null : local.zip
  source_code_hash = local.is_image ? null : filebase64sha256(local.zip)
  timeout          = var.timeout_seconds
  memory_size      = var.memory_mb

  ephemeral_storage {
    size = var.disk_mb
  }

  dynamic "image_config" {
    for_each = local.is_image ? [var.name] : []

    content {
      command = [image_config.value]
    }
  }

  environment {
    variables = merge(var.environment, var.operations.telemetry)
  }

  logging_config {
    # The code writes JSON lines of its own; Lambda is not to wrap them.
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.main.name
  }

  tracing_config {
    mode = "Active"
  }

  # Without the right to write its log a first invocation leaves no trace.
  depends_on = [aws_iam_role_policy.main]
}

resource "aws_cloudwatch_log_group" "main" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.operations.log_retention_days
}

resource "aws_lambda_permission" "invoke" {
  for_each = var.invoked_by

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main.function_name
  principal     = each.value.principal
  source_arn    = each.value.source_arn
}
