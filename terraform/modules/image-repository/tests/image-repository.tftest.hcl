mock_provider "aws" {
  source = "../../testing"
}

variables {
  name = "wallcrawler-test-browser"
}

run "an_image_never_changes_under_its_tag" {
  assert {
    condition     = aws_ecr_repository.main.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.main.image_scanning_configuration[0].scan_on_push
    error_message = "a roll-back gets what ran then, and each image is scanned"
  }

  assert {
    condition     = length(jsondecode(aws_ecr_lifecycle_policy.main.policy).rules) == 2
    error_message = "old images go: each is some hundred megabytes"
  }
}

run "pulling_is_all_that_a_puller_may" {
  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies.pull).Statement :
      statement.Resource == ["*"] ? statement.Action == ["ecr:GetAuthorizationToken"] : statement.Resource == [aws_ecr_repository.main.arn]
    ])
    error_message = "one repository, and a login, which has no resource"
  }
}

run "no_service_pulls_by_itself" {
  assert {
    condition     = length(aws_ecr_repository_policy.main) == 0
    error_message = "tasks pull by their roles"
  }
}

run "lambda_pulls_for_one_function" {
  variables {
    pulled_by_function_arn = "arn:aws:lambda:us-west-2:123456789012:function:wallcrawler-test-encode"
  }

  assert {
    condition = jsondecode(aws_ecr_repository_policy.main["main"].policy).Statement == [{
      Sid       = "OneFunction"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Condition = { ArnEquals = { "aws:SourceArn" = var.pulled_by_function_arn } }
    }]
    error_message = "reading, for this function"
  }
}
