module "partner" {
  source    = "./account"
  providers = { aws = aws.partner }
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${module.partner.account}:root" } # expect: untrusted-account medium possible
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
