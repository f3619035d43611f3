variable "domain" {
  type    = string
  default = null
}

resource "aws_api_gateway_domain_name" "orders" {
  count           = var.domain == null ? 0 : 1
  domain_name     = var.domain
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/a"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" }] # expect: private-api-any-vpce medium possible at "*"
  })
}
