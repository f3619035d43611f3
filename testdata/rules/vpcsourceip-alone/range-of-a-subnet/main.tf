data "aws_subnet" "clients" {
  id = "subnet-0123456789abcdef0"
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
      Condition = { IpAddress = { "aws:VpcSourceIp" = data.aws_subnet.clients.cidr_block } } # expect: vpcsourceip-alone medium possible at "aws:VpcSourceIp"
    }]
  })
}
