mock_provider "aws" {
  source = "../../testing"
}

variables {
  image_tag = "0123456"
}

run "its_values_make_a_platform" {
  assert {
    condition     = output.prefix == "wallcrawler-dev"
    error_message = "every name begins with project and environment"
  }

  assert {
    condition     = startswith(output.api_url, "https://") && strcontains(output.next_commands, "token-keys rotate --prefix wallcrawler-dev")
    error_message = "after apply one sees the URL and what to do next"
  }

  assert {
    condition     = startswith(output.next_commands, "export AWS_REGION=us-west-2\n") && output.image_tag == "0123456"
    error_message = "the commands find the environment's region, and one sees which commit runs"
  }

  assert {
    condition     = length(module.platform.functions) > 20 && module.platform.functions["create-session"].environment.ASSIGN_PUBLIC_IP == "true"
    error_message = "dev: public addresses, because there is no NAT"
  }

  assert {
    condition     = startswith(module.platform.functions["create-session"].environment.PUBLIC_CONNECT_ORIGIN, "wss://")
    error_message = "dev: clients speak wss, as in prod"
  }
}
