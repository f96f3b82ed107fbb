mock_provider "aws" {
  source = "../../testing"
}

variables {
  image_tag = "0123456"
}

# What `npm run deploy` does before anything else, because the services want their images to be there.
run "the_repositories_come_first" {
  plan_options {
    target = [
      module.platform.module.browsers.module.image,
      module.platform.module.router[0].module.image,
    ]
  }

  assert {
    condition     = output.repository_url != null && output.router_repository_url != null
    error_message = "an output that depends on more than its repository is left out, and the image would not be pushed"
  }
}

run "its_values_make_a_platform" {
  assert {
    condition     = output.prefix == "wallcrawler-prod"
    error_message = "every name begins with project and environment"
  }

  assert {
    condition     = startswith(output.api_url, "https://") && strcontains(output.next_commands, "token-keys rotate --prefix wallcrawler-prod")
    error_message = "after apply one sees the URL and what to do next"
  }

  assert {
    condition     = startswith(output.next_commands, "export AWS_REGION=us-west-2\n") && output.image_tag == "0123456"
    error_message = "the commands find the environment's region, and one sees which commit runs"
  }

  assert {
    condition     = length(module.platform.functions) > 20 && module.platform.functions["create-session"].environment.ASSIGN_PUBLIC_IP == "false"
    error_message = "prod: the internet reaches no browser"
  }
}
