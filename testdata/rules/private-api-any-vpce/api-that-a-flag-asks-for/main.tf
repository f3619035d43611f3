variable "create" {
  type    = bool
  default = false
}

resource "aws_api_gateway_rest_api" "orders" {
  count = var.create ? 1 : 0
  name  = "orders"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" }] # expect: private-api-any-vpce high at "*"
  })
}
