mock_provider "aws" {
  source = "../../testing"
}

variables {
  name = "wallcrawler-test-router"
  policies = [
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\"],\"Resource\":[\"one\"]}]}",
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\"],\"Resource\":[\"two\"]}]}",
  ]
}

run "it_may_do_what_it_is_given_and_nothing_else" {
  assert {
    condition     = [for statement in jsondecode(output.policy).Statement : statement.Resource] == [["one"], ["two"]]
    error_message = "the statements of its policies, each as it was"
  }
}

run "tasks_of_this_account_are_it_and_nobody_else" {
  assert {
    condition     = jsondecode(aws_iam_role.main.assume_role_policy).Statement[0].Principal.Service == "ecs-tasks.amazonaws.com" && jsondecode(aws_iam_role.main.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "ECS takes it for a task of this account: nobody else's task, and nothing but a task"
  }
}
