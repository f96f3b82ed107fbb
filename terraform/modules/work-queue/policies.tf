locals {
  actions = {
    send = ["sqs:SendMessage"]
    work = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]
  }
}
