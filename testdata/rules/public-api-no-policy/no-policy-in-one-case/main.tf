variable "guarded" {
  type    = bool
  default = true
}

resource "aws_api_gateway_rest_api" "orders" { # expect: public-api-no-policy low possible at "orders"
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_rest_api_policy" "orders" {
  count       = var.guarded ? 1 : 0
  rest_api_id = aws_api_gateway_rest_api.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = "203.0.113.0/24" } }
    }]
  })
}
