mock_provider "aws" {
  source = "../../testing"
}

variables {
  name = "wallcrawler-test-contexts-123456789012"
}

run "a_bucket_is_private_and_versioned" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.main.block_public_acls,
      aws_s3_bucket_public_access_block.main.block_public_policy,
      aws_s3_bucket_public_access_block.main.ignore_public_acls,
      aws_s3_bucket_public_access_block.main.restrict_public_buckets,
    ])
    error_message = "logins are in it: no way to make it public, by ACL or by policy"
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.main.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs are off: whoever uploads by a presigned URL owns nothing"
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.main.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "encrypted at rest"
  }

  assert {
    condition     = aws_s3_bucket_versioning.main[0].versioning_configuration[0].status == "Enabled"
    error_message = "a spoilt profile can be had back"
  }

  assert {
    condition     = !aws_s3_bucket.main.force_destroy
    error_message = "a bucket with profiles is not destroyed by a mistaken apply"
  }
}

run "plain_http_is_refused" {
  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.main.policy).Statement : statement.Effect
    if statement.Condition.Bool["aws:SecureTransport"] == "false"] == ["Deny"]
    error_message = "a presigned URL over HTTP would show the profile to everybody on the way"
  }
}

run "who_deletes_an_object_can_delete_all_of_it" {
  assert {
    condition = flatten([for statement in jsondecode(output.policies.purge).Statement : statement.Action]) == [
      "s3:ListBucketVersions", "s3:DeleteObjectVersion"
    ]
    error_message = "a deletion that leaves versions leaves the logins in them"
  }
}

run "what_is_old_goes_away" {
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.main.rule[1].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "old versions are paid for and hold logins: they go after 30 days"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.main.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 1
    error_message = "parts of an upload that was given up are invisible and paid for"
  }
}

run "what_lives_for_some_days_has_no_versions_that_live_on" {
  variables {
    old_version_days = null
    expiry_days      = { "logs/" = 31 }
  }

  assert {
    condition     = length(aws_s3_bucket_versioning.main) == 0
    error_message = "what is deleted is gone"
  }

  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.main.rule : one(rule.expiration).days
    if one(rule.filter).prefix == "logs/"] == [31]
    error_message = "each prefix has its days"
  }
}

run "a_missing_profile_is_told_from_a_forbidden_one" {
  assert {
    condition     = contains(flatten([for statement in jsondecode(output.policies.read).Statement : statement.Action]), "s3:ListBucket")
    error_message = "without ListBucket S3 answers 403 for a context that has no archive yet, and its first session fails"
  }
}

run "no_page_reads_a_bucket_unless_it_is_said" {
  assert {
    condition     = length(aws_s3_bucket_cors_configuration.main) == 0
    error_message = "profiles are read by containers, and never by pages"
  }
}

run "players_read_by_signed_urls_and_cannot_write" {
  variables {
    readable_from = ["*"]
  }

  assert {
    condition = alltrue([for rule in aws_s3_bucket_cors_configuration.main[0].cors_rule :
    rule.allowed_methods == toset(["GET"]) && rule.allowed_origins == toset(["*"]) && rule.allowed_headers == toset(["range"])])
    error_message = "GET from anywhere, with a range, and nothing else"
  }
}
