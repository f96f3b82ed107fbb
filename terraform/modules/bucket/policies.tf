locals {
  objects_arn = "${aws_s3_bucket.main.arn}/*"

  statements = {
    read = [
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = [local.objects_arn] },
      # Without it S3 answers 403 instead of 404 for an object that is not there, and an empty context could not start.
      { Effect = "Allow", Action = ["s3:ListBucket"], Resource = [aws_s3_bucket.main.arn] },
    ]
    write  = [{ Effect = "Allow", Action = ["s3:PutObject"], Resource = [local.objects_arn] }]
    delete = [{ Effect = "Allow", Action = ["s3:DeleteObject"], Resource = [local.objects_arn] }]
    # Of a bucket with versions: an object and all that it has replaced.
    purge = [
      { Effect = "Allow", Action = ["s3:ListBucketVersions"], Resource = [aws_s3_bucket.main.arn] },
      { Effect = "Allow", Action = ["s3:DeleteObjectVersion"], Resource = [local.objects_arn] },
    ]
  }
}

resource "aws_s3_bucket_policy" "main" {
  bucket = aws_s3_bucket.main.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*" # a Deny: the more it covers, the better
      Resource  = [aws_s3_bucket.main.arn, local.objects_arn]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  # S3 refuses a policy while it is still changing the public access block.
  depends_on = [aws_s3_bucket_public_access_block.main]
}
