# Reads the session-events table's stream: each event that is stored goes to the event bus, at least once.

module "publish_events" {
  source = "../function"

  prefix       = local.prefix
  name         = "publish-events"
  package_dir  = local.package_dir
  dead_letters = {} # its retries are the mapping's
  operations   = local.operations

  environment = {
    EVENT_BUS = module.observability.event_bus.name
  }

  policies = [
    module.session_events.policies.stream,
    module.observability.event_bus.policies.put,
  ]
}

resource "aws_lambda_event_source_mapping" "session_events" {
  function_name    = module.publish_events.arn
  event_source_arn = module.session_events.stream_arn
  # From the beginning: what is written while the mapping is being made would be missed otherwise.
  starting_position = "TRIM_HORIZON"
  batch_size        = 100
  # The events of a moment are one run.
  maximum_batching_window_in_seconds = 1
  parallelization_factor             = 1
  function_response_types            = ["ReportBatchItemFailures"]
  # The function says where it failed; halving the batch would only repeat what was done.
  bisect_batch_on_function_error = false
  maximum_retry_attempts         = 100
  maximum_record_age_in_seconds  = 3600

  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["INSERT"] })
    }
  }

  destination_config {
    on_failure {
      destination_arn = module.publish_events.dead_letters_arn
    }
  }
}
