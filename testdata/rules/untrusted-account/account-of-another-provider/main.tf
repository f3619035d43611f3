provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias   = "partner"
  region  = "eu-west-1"
  profile = "partner"
}

data "aws_caller_identity" "partner" {
  provider = aws.partner
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.partner.account_id}:root" } # expect: untrusted-account medium possible
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
