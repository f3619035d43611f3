resource "aws_api_gateway_rest_api" "api" {
  name = "api"

  policy = jsonencode({ # expect: missing-version low
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "111122223333" }
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
