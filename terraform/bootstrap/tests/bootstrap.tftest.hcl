mock_provider "aws" {
  source = "../testing"
}

variables {
  repository = "octo/browsers"
}

run "states_are_kept_safe" {
  assert {
    condition     = output.state_bucket == "wallcrawler-state-123456789012"
    error_message = "the bucket is found by project and account"
  }
}

run "who_applies_works_for_one_environment_on_main" {
  assert {
    condition = { for name, role in aws_iam_role.github : name => jsondecode(role.assume_role_policy).Statement[0].Condition if name != "wallcrawler-plan" } == {
      wallcrawler-dev-deploy = { StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:ref" = "refs/heads/main"
        "token.actions.githubusercontent.com:sub" = "repo:octo/browsers:environment:dev"
      } }
      wallcrawler-prod-deploy = { StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:ref" = "refs/heads/main"
        "token.actions.githubusercontent.com:sub" = "repo:octo/browsers:environment:prod"
      } }
    }
    error_message = "equal, never like: this repository, this environment with its approvals, and main"
  }

  assert {
    condition = alltrue([for role in values(aws_iam_role.github) : (
      jsondecode(role.assume_role_policy).Statement[0].Action == "sts:AssumeRoleWithWebIdentity" && length(jsondecode(role.assume_role_policy).Statement) == 1
    )])
    error_message = "no other way in"
  }

  assert {
    condition     = keys(output.deploy_role_arns) == ["dev", "prod"]
    error_message = "a role for each environment"
  }
}

run "who_plans_reads_nothing_that_users_stored" {
  assert {
    condition     = jsondecode(aws_iam_role.github["wallcrawler-plan"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:octo/browsers:pull_request"
    error_message = "pull requests of this repository"
  }

  assert {
    condition     = aws_iam_role_policy_attachment.github["wallcrawler-plan"].policy_arn == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    error_message = "a plan changes nothing"
  }

  assert {
    condition = length(setsubtract(
      ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "logs:GetLogEvents", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage"],
      flatten([for statement in jsondecode(aws_iam_role_policy.github["wallcrawler-plan"].policy).Statement : statement.Action if statement.Effect == "Deny"]),
    )) == 0
    error_message = "whoever opens a pull request runs code as this role: sessions, keys and logs stay closed to it"
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.github["wallcrawler-plan"].policy).Statement : statement.NotResource
    if statement.Effect == "Deny" && try(statement.Action == ["s3:GetObject*"], false)] == [["${module.state_bucket.arn}/wallcrawler/*"]]
    error_message = "profiles hold logins: of all objects it reads the states only"
  }
}

run "who_applies_changes_neither_itself_nor_another_environment" {
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.github["wallcrawler-dev-deploy"].policy).Statement : statement.Resource
    if statement.Sid == "RolesOfThisEnvironment"] == [["arn:aws:iam::123456789012:role/wallcrawler-dev-*"]]
    error_message = "roles of this environment only"
  }

  assert {
    condition = toset(one([for statement in jsondecode(aws_iam_role_policy.github["wallcrawler-dev-deploy"].policy).Statement : statement.Resource
      if statement.Sid == "NotItself"])) == toset([
      "arn:aws:iam::123456789012:role/wallcrawler-dev-deploy", "arn:aws:iam::123456789012:role/wallcrawler-plan", "arn:aws:iam::123456789012:role/wallcrawler-prod-deploy",
    ])
    error_message = "no workflow widens what workflows may do"
  }

  assert {
    condition = toset(one([for statement in jsondecode(aws_iam_role_policy.github["wallcrawler-dev-deploy"].policy).Statement : statement.Resource
    if statement.Sid == "NoOtherState"])) == toset(["${module.state_bucket.arn}/wallcrawler/bootstrap/*", "${module.state_bucket.arn}/wallcrawler/prod/*"])
    error_message = "the state of another environment is closed"
  }
}

run "an_account_has_one_provider" {
  variables {
    oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && alltrue([for role in values(aws_iam_role.github) : jsondecode(role.assume_role_policy).Statement[0].Principal.Federated == var.oidc_provider_arn])
    error_message = "where there is one already it is used"
  }
}

run "without_a_repository_nobody_is_trusted" {
  variables {
    repository = null
  }

  assert {
    condition     = length(aws_iam_role.github) == 0 && length(aws_iam_openid_connect_provider.github) == 0 && output.plan_role_arn == null
    error_message = "a bucket and nothing else"
  }
}

run "a_pattern_is_no_repository" {
  command = plan

  variables {
    repository = "octo/*"
  }

  expect_failures = [var.repository]
}

run "a_younger_repository_has_ids" {
  variables {
    repository = "octo@123456/browsers@456789"
  }

  assert {
    condition     = strcontains(local.trust["wallcrawler-dev-deploy"], "\"repo:octo@123456/browsers@456789:environment:dev\"")
    error_message = "GitHub puts @ between a name and its id"
  }
}
