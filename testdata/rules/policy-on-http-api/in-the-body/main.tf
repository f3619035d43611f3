resource "aws_apigatewayv2_api" "api" {
  name          = "api"
  protocol_type = "HTTP"

  body = jsonencode({
    openapi = "3.0.1"
    paths   = {}
    "x-amazon-apigateway-policy" = { # expect: policy-on-http-api high at "x-amazon-apigateway-policy"
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
      }]
    }
  })
}
