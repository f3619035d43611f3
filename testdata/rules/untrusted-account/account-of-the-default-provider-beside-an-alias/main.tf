data "aws_caller_identity" "own" {}

resource "aws_api_gateway_rest_api" "orders" {
  provider = aws.partner
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.own.account_id}:root" } # expect: untrusted-account medium possible
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
