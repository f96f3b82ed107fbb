# The whole of one environment. One file per subject, and one per function: its module, what triggers it, what it may
# do, and what it is told.

locals {
  prefix = "${var.project}-${var.environment}"

  repository_dir = "${path.module}/../../.."
  package_dir    = "${local.repository_dir}/dist"

  # Each shorter than the one above it, so that whoever gives up first is the one who can tell why. The client's own is
  # 60 s; API Gateway's 58 s is in the contract.
  timeouts = {
    edge_seconds     = 60
    function_seconds = 57
    wait_seconds     = 50

    # For a whole log, which is streamed; the gateway's 181 s is in the contract.
    log_seconds = 180

    # For a page that a client asks for, which gives up after 20 s; the gateway's 29 s is its own.
    fetch_seconds = 25

    # For the first client, where nobody sees whether the caller of the create still waits.
    unseen_connect_seconds = 90
  }
}

locals {
  functions = {
    answer-not-built           = module.answer_not_built
    authorizer                 = module.authorizer
    create-context             = module.create_context
    create-recording-downloads = module.create_recording_downloads
    create-session             = module.create_session
    create-webhook             = module.create_webhook
    debug-session              = module.debug_session
    delete-certificate         = module.delete_certificate
    delete-context             = module.delete_context
    delete-download            = module.delete_download
    delete-extension           = module.delete_extension
    delete-session-downloads   = module.delete_session_downloads
    delete-webhook             = module.delete_webhook
    deliver-webhooks           = module.deliver_webhooks
    describe-replay            = module.describe_replay
    keep-pool                  = module.keep_pool
    finish-extension-upload    = module.finish_extension_upload
    fetch-page                 = module.fetch_page
    list-certificates          = module.list_certificates
    list-downloads             = module.list_downloads
    list-projects              = module.list_projects
    list-recording-downloads   = module.list_recording_downloads
    list-replays               = module.list_replays
    list-session-downloads     = module.list_session_downloads
    list-session-events        = module.list_session_events
    list-session-logs          = module.list_session_logs
    list-sessions              = module.list_sessions
    list-webhook-deliveries    = module.list_webhook_deliveries
    list-webhooks              = module.list_webhooks
    make-recording-downloads   = module.make_recording_downloads
    play-replay                = module.play_replay
    publish-events             = module.publish_events
    queue-deliveries           = module.queue_deliveries
    read-network               = module.read_network
    redeliver-webhook          = module.redeliver_webhook
    report-download            = module.report_download
    report-ended               = module.report_ended
    report-events              = module.report_events
    report-heartbeat           = module.report_heartbeat
    report-ready               = module.report_ready
    report-warm-ready          = module.report_warm_ready
    retrieve-certificate       = module.retrieve_certificate
    retrieve-context           = module.retrieve_context
    retrieve-download          = module.retrieve_download
    retrieve-extension         = module.retrieve_extension
    retrieve-project           = module.retrieve_project
    retrieve-project-usage     = module.retrieve_project_usage
    retrieve-recording         = module.retrieve_recording
    retrieve-replay            = module.retrieve_replay
    retrieve-session           = module.retrieve_session
    retrieve-webhook           = module.retrieve_webhook
    rotate-webhook-secret      = module.rotate_webhook_secret
    serve-contract             = module.serve_contract
    show-replay                = module.show_replay
    sign-artifact-urls         = module.sign_artifact_urls
    sign-cdp-url               = module.sign_cdp_url
    sign-extension-url         = module.sign_extension_url
    sign-profile-url           = module.sign_profile_url
    sign-replay-url            = module.sign_replay_url
    start-extension-upload     = module.start_extension_upload
    stream-processor           = module.stream_processor
    sweeper                    = module.sweeper
    task-processor             = module.task_processor
    update-context             = module.update_context
    update-session             = module.update_session
    upload-certificate         = module.upload_certificate
    update-webhook             = module.update_webhook
    upload-extension           = module.upload_extension
    upload-file                = module.upload_file
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
