locals {
  actions = {
    send = ["sqs:SendMessage"]
    work = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    # Lambda does not need it: a message that has failed comes again by itself.
    postpone = ["sqs:ChangeMessageVisibility"]
  }
}
