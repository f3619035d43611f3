variable "office" {
  type = string
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = ["${var.office}/32", "10.${var.office}.0/24", "203.0.${var.office}.7"] } }
    }]
  })
}
