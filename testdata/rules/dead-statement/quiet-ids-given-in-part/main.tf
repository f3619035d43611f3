# Ids of which the configuration gives a part: somebody has them, though nobody here knows who.
variable "digits" {
  type = string
}

variable "endpoint_name" {
  type = string
}

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
            "aws:SourceVpce" = "vpce-${var.digits}"
          }
        }
      }
    ]
  })
}

resource "aws_api_gateway_rest_api" "alias" {
  name = "alias"
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
            "aws:SourceVpce" = join("-", slice(split("-", var.endpoint_name), 0, 2))
          }
        }
      }
    ]
  })
}

resource "aws_api_gateway_rest_api" "network" {
  name = "network"
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
            "aws:SourceVpc" = ["vpc-${var.digits}", format("vpc-%s", var.endpoint_name)]
          }
        }
      }
    ]
  })
}

resource "aws_api_gateway_rest_api" "members" {
  name = "members"
  endpoint_configuration {
    types = ["REGIONAL"]
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
            "aws:PrincipalOrgID" = "o-${var.digits}"
          }
        }
      },
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/prod/GET/status"
        Condition = {
          "ForAnyValue:StringEquals" = {
            "aws:PrincipalOrgPaths" = "o-a1b2c3d4e5/r-ab12/${var.digits}/"
          }
        }
      },
    ]
  })
}

resource "aws_api_gateway_method" "members" {
  rest_api_id   = aws_api_gateway_rest_api.members.id
  resource_id   = aws_api_gateway_rest_api.members.root_resource_id
  http_method   = "ANY"
  authorization = "AWS_IAM"
}
