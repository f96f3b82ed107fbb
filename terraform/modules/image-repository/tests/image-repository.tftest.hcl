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
