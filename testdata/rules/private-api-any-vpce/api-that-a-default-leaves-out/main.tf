variable "create" {
  type    = bool
  default = false
}

resource "aws_api_gateway_rest_api" "orders" {
  for_each = var.create ? { orders = "PRIVATE" } : {}
  name     = each.key
  endpoint_configuration {
    types = [each.value]
  }
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" }] # expect: private-api-any-vpce medium possible at "*"
  })
}
