locals {
  in_cluster = { ArnEquals = { "ecs:cluster" = aws_ecs_cluster.main.arn } }
  tasks_arn  = "${replace(aws_ecs_cluster.main.arn, ":cluster/", ":task/")}/*"

  statements = {
    run = [
      {
        Effect    = "Allow"
        Action    = ["ecs:RunTask"]
        Resource  = ["${aws_ecs_task_definition.main.arn_without_revision}:*"]
        Condition = local.in_cluster
      },
      {
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = [module.execution_role.arn]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
    stop = [
      { Effect = "Allow", Action = ["ecs:StopTask"], Resource = [local.tasks_arn], Condition = local.in_cluster },
    ]
    list = [
      { Effect = "Allow", Action = ["ecs:DescribeTasks"], Resource = [local.tasks_arn], Condition = local.in_cluster },
      {
        Effect    = "Allow"
        Action    = ["ecs:ListTasks"]
        Resource  = ["*"] # its only resource is a container instance, and Fargate has none; the condition narrows it
        Condition = local.in_cluster
      },
    ]
    locate = [
      { Effect = "Allow", Action = ["ec2:DescribeNetworkInterfaces"], Resource = ["*"] }, # EC2 knows no narrower one
    ]
  }
}
