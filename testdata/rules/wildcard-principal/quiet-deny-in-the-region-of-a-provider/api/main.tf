terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.regional]
    }
  }
}

data "aws_caller_identity" "current" {
  provider = aws.regional
}

data "aws_region" "current" {
  provider = aws.regional
}

locals {
  apis = "arn:aws:execute-api:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:*"
}

resource "aws_api_gateway_rest_api" "orders" {
  provider = aws.regional
  name     = "orders"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "${local.apis}/*"
        Condition = { NotIpAddress = { "aws:SourceIp" = "203.0.113.0/24" } }
      },
    ]
  })
}
