resource "aws_api_gateway_rest_api" "api" {
  name = "api"

  body = jsonencode({
    openapi = "3.0.1"
    paths   = {}
    "x-amazon-apigateway-policy" = {
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = "*" # expect: wildcard-principal critical at "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
      }]
    }
  })
}
