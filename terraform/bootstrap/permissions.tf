# What the workflows' roles may do. Who may change roles and functions can, with some effort, do anything in the account:
# the narrow part is who gets the role. Environments that must not reach each other belong in accounts of their own.

locals {
  account_id = data.aws_caller_identity.current.account_id
  states_arn = "${module.state_bucket.arn}/${var.project}"

  deploy_statements = {
    for name, role in local.deployers : name => [
      {
        Sid      = "RolesOfThisEnvironment"
        Effect   = "Allow"
        Resource = ["arn:${data.aws_partition.current.partition}:iam::${local.account_id}:role/${var.project}-${role.environment}-*"]
        Action = [
          "iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
          "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
          "iam:ListRolePolicies", "iam:ListRoleTags", "iam:PassRole", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
        ]
      },
      {
        Sid    = "NotItself"
        Effect = "Deny"
        Action = ["iam:*"] # a Deny: the more it covers, the better
        Resource = [
          for own in keys(local.trust) : "arn:${data.aws_partition.current.partition}:iam::${local.account_id}:role/${own}"
        ]
      },
      {
        Sid      = "NoOtherState"
        Effect   = "Deny"
        Action   = ["s3:*"] # as above
        Resource = [for other in concat(["bootstrap"], tolist(var.environments)) : "${local.states_arn}/${other}/*" if other != role.environment]
      },
    ]
  }

  plan_statements = [
    {
      Sid      = "ThePlanMakesAPassword"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetRandomPassword"]
      Resource = ["*"] # it reads nothing, and has no resource
    },
    {
      Sid      = "EachRefreshReadsTheTagsOfTheBudget"
      Effect   = "Allow"
      Action   = ["budgets:ListTagsForResource"] # ReadOnlyAccess has not always held it
      Resource = ["arn:${data.aws_partition.current.partition}:budgets::${local.account_id}:budget/${var.project}-*"]
    },
    {
      Sid    = "NothingThatUsersStored"
      Effect = "Deny"
      Action = [
        "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:PartiQL*", "dynamodb:Query",
        "dynamodb:Scan", "lambda:InvokeFunction*", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetLogRecord",
        "logs:StartLiveTail", "logs:StartQuery", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "ssm:GetParameter*",
      ]
      Resource = ["*"]
    },
    {
      Sid         = "NoObjectsButStates"
      Effect      = "Deny"
      Action      = ["s3:GetObject*"]
      NotResource = ["${local.states_arn}/*"]
    },
  ]

  statements = merge(
    local.deploy_statements,
    { for name in keys(local.planners) : name => local.plan_statements },
  )

  base_policies = merge(
    { for name in keys(local.deployers) : name => "PowerUserAccess" }, # all but IAM, organizations and accounts
    { for name in keys(local.planners) : name => "ReadOnlyAccess" },
  )
}

resource "aws_iam_role_policy_attachment" "github" {
  for_each = local.base_policies

  role       = aws_iam_role.github[each.key].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value}"
}

resource "aws_iam_role_policy" "github" {
  for_each = local.statements

  name   = "job"
  role   = aws_iam_role.github[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

data "aws_partition" "current" {}
