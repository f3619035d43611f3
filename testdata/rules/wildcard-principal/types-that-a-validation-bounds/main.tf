variable "types" {
  type = list(string)
  validation {
    condition     = alltrue([for type in var.types : contains(["EDGE", "REGIONAL"], type)])
    error_message = "no"
  }
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = var.types }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" # expect: wildcard-principal critical at "*"
    }]
  })
}
