# One private, encrypted bucket that speaks TLS only, with versions or without.

resource "aws_s3_bucket" "main" {
  bucket        = var.name
  force_destroy = !var.enable_deletion_protection
}

resource "aws_s3_bucket_public_access_block" "main" {
  bucket                  = aws_s3_bucket.main.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    apply_server_side_encryption_by_default {
      # Not KMS: the holder of a presigned URL would need rights on the key, and each profile would cost two calls.
      sse_algorithm = "AES256"
    }
  }
}

# An archive that was spoilt by a bad save, or deleted by mistake, can be had back.
resource "aws_s3_bucket_versioning" "main" {
  count = var.old_version_days == null ? 0 : 1

  bucket = aws_s3_bucket.main.id

  versioning_configuration {
    status = "Enabled"
  }
}

# Players are pages of other origins: what they read, they read by signed URLs.
resource "aws_s3_bucket_cors_configuration" "main" {
  count = length(var.readable_from) == 0 ? 0 : 1

  bucket = aws_s3_bucket.main.id

  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = var.readable_from
    allowed_headers = ["range"]
    expose_headers  = ["Content-Length", "Content-Range"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  rule {
    id     = "given-up-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  dynamic "rule" {
    for_each = var.old_version_days == null ? [] : [var.old_version_days]

    content {
      id     = "old-versions"
      status = "Enabled"

      filter {}

      noncurrent_version_expiration {
        noncurrent_days = rule.value
      }

      expiration {
        expired_object_delete_marker = true
      }
    }
  }

  dynamic "rule" {
    for_each = var.expiry_days

    content {
      id     = trimsuffix(rule.key, "/")
      status = "Enabled"

      filter {
        prefix = rule.key
      }

      expiration {
        days = rule.value
      }
    }
  }

  # Rules on old versions are only taken by a bucket that has versions.
  depends_on = [aws_s3_bucket_versioning.main]
}
