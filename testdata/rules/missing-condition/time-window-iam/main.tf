resource "aws_api_gateway_rest_api" "api" {
  name = "api"

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = "*" # expect: missing-condition high at "*"
        Action = "execute-api:Invoke"
        Resource = "execute-api:/*"
        Condition = {
          DateLessThan = {
            "aws:CurrentTime" = "2099-12-31T23:59:59Z"
          }
        }
      },
    ]
  })
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
