variable "body" {
  type = string
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  body = var.body
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = "203.0.113.0/24" } }
    }]
  })
}
