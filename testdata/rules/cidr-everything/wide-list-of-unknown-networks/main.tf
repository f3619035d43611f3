variable "networks" {
  type = list(string)
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = [for network in var.networks : "${network}/8"] } } # expect: cidr-everything medium possible
    }]
  })
}
