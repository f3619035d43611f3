# Ids that are known at apply only: somebody has them, though nobody here knows who.
variable "endpoint" {
  type = string
}

variable "endpoints" {
  type = list(string)
}

data "aws_organizations_organization" "this" {}

resource "aws_organizations_organization" "own" {}

resource "aws_api_gateway_rest_api" "inside" {
  name = "inside"
  endpoint_configuration {
    types = ["PRIVATE"]
  }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
        Condition = {
          StringEquals = {
            "aws:SourceVpce" = var.endpoint
            "aws:SourceVpc"  = "vpc-0aaaaaaaaaaaaaaa1"
          }
        }
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*/GET/admin"
        Condition = {
          StringEquals = {
            "aws:SourceVpce" = var.endpoints
            "aws:SourceVpc"  = "vpc-0aaaaaaaaaaaaaaa1"
          }
        }
      },
    ]
  })
}

resource "aws_api_gateway_rest_api" "members" {
  name = "members"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
        Condition = {
          StringEquals = { "aws:PrincipalOrgID" = data.aws_organizations_organization.this.id }
        }
      },
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/prod/GET/status"
        Condition = {
          StringEquals = { "aws:PrincipalOrgID" = aws_organizations_organization.own.id }
        }
      },
    ]
  })
}

resource "aws_api_gateway_method" "all" {
  rest_api_id   = aws_api_gateway_rest_api.members.id
  resource_id   = aws_api_gateway_rest_api.members.root_resource_id
  http_method   = "ANY"
  authorization = "AWS_IAM"
}
