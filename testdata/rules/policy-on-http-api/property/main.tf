resource "aws_apigatewayv2_api" "api" {
  name          = "api"
  protocol_type = "HTTP"

  policy = jsonencode({ # expect: policy-on-http-api high at policy
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
