mock_provider "aws" {
  source = "../../testing"
}

variables {
  name        = "wallcrawler-test-token-keys"
  description = "Signing keys of the session tokens."
}

run "a_deleted_secret_can_be_had_back" {
  assert {
    condition     = aws_secretsmanager_secret.main.recovery_window_in_days == 30
    error_message = "without the keys every running session would be locked out"
  }

  assert {
    condition     = jsondecode(output.policies.read).Statement[0].Action == ["secretsmanager:GetSecretValue"] && jsondecode(output.policies.read).Statement[0].Resource == [output.arn]
    error_message = "reading means this secret's value, and nothing that writes"
  }
}

run "a_throwaway_environment_can_be_made_again" {
  variables {
    enable_deletion_protection = false
  }

  assert {
    condition     = aws_secretsmanager_secret.main.recovery_window_in_days == 0
    error_message = "a secret that waits for its deletion keeps its name, and the next apply would fail"
  }
}
