# Who gets in: CloudFront, which alone knows the secret that it sends as Referer, and everybody on the containers'
# routes, which a token of their own guards. API Gateway reads this before the authorizer and its cache, and for routes
# without an authorizer too.

locals {
  # The first segments of all paths that are not the containers'.
  guarded_segments = distinct([
    for operation in values(local.operations) : split("/", operation.path)[1] if !operation.has_bearer
  ])

  policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = ["execute-api:/*"] # this API: API Gateway puts its own ARN before it
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource = flatten([for segment in local.guarded_segments : [
          "execute-api:/*/*/${segment}", "execute-api:/*/*/${segment}/*",
        ]])
        # Also true when the header is not there at all.
        Condition = { StringNotEquals = { "aws:Referer" = var.origin_secret } }
      },
    ]
  }
}
