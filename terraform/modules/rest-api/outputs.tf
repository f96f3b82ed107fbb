output "arn" {
  description = "ARN of the API, for invocations."
  value       = aws_api_gateway_rest_api.main.execution_arn
}

output "domain_name" {
  description = "Host of the API's own URLs."
  value       = "${aws_api_gateway_rest_api.main.id}.execute-api.${data.aws_region.current.region}.${data.aws_partition.current.dns_suffix}"
}

output "id" {
  description = "Id of the API."
  value       = aws_api_gateway_rest_api.main.id
}

output "integration_timeouts_ms" {
  description = "Longest wait for an integration, by function; API Gateway's own 29,000 where the contract names none."
  value       = { for name, integration in local.integrations : name => try(integration.timeoutInMillis, 29000) if local.operations[name].function == name }
}

output "name" {
  description = "Name of the API."
  value       = aws_api_gateway_rest_api.main.name
}

output "source_arns" {
  description = "From where each function is invoked, by the operations it answers: exactly their methods and paths, or the authorizers."
  value = merge(
    {
      for function in toset([for operation in local.operations : operation.function if !operation.is_mock]) : function => {
        for name, operation in local.operations : name => join("/", [
          aws_api_gateway_rest_api.main.execution_arn,
          var.stage_name,
          "${upper(operation.method)}${replace(operation.path, "/\\{[^}]+\\}/", "*")}",
        ]) if !operation.is_mock && operation.function == function
      }
    },
    { (local.authorizer_id) = { api = "${aws_api_gateway_rest_api.main.execution_arn}/authorizers/*" } },
  )
}

output "stage_name" {
  description = "Name of the stage."
  value       = aws_api_gateway_stage.main.stage_name
}
