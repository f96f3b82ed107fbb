# Reads the sessions table's stream: READY goes to the ready topic, every step to the event bus, and what has happened by it
# to the session's events.

module "stream_processor" {
  source = "../function"

  prefix       = local.prefix
  name         = "stream-processor"
  package_dir  = local.package_dir
  dead_letters = {} # its retries are the mapping's
  operations   = local.operations

  environment = {
    READY_TOPIC_ARN      = module.ready_signal.arn
    EVENT_BUS            = module.observability.event_bus.name
    SESSION_EVENTS_TABLE = module.session_events.name
  }

  policies = [
    module.sessions.policies.stream,
    module.ready_signal.policies.publish,
    module.observability.event_bus.policies.put,
    module.session_events.policies.query,
    module.session_events.policies.put,
  ]
}

resource "aws_lambda_event_source_mapping" "sessions" {
  function_name    = module.stream_processor.arn
  event_source_arn = module.sessions.stream_arn
  # From the beginning: what is written while the mapping is being made would be missed otherwise.
  starting_position = "TRIM_HORIZON"
  batch_size        = 100
  # A create waits for these: as soon as there is one, and ten sessions' steps beside each other. The steps of one
  # session stay in order.
  maximum_batching_window_in_seconds = 0
  parallelization_factor             = 10
  function_response_types            = ["ReportBatchItemFailures"]
  # The function says where it failed; halving the batch would only repeat what was done.
  bisect_batch_on_function_error = false
  # A waiting create has given up long before; until then the steps behind wait.
  maximum_retry_attempts        = 20
  maximum_record_age_in_seconds = 300

  destination_config {
    on_failure {
      destination_arn = module.stream_processor.dead_letters_arn
    }
  }
}
