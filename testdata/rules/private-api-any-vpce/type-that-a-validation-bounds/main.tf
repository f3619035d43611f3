variable "type" {
  type = string
  validation {
    condition     = contains(["PRIVATE"], var.type)
    error_message = "no"
  }
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = [var.type] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" # expect: private-api-any-vpce high at "*"
    }]
  })
}
