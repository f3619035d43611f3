resource "aws_vpc_endpoint" "api" {
  vpc_id            = "vpc-0aaaaaaaaaaaaaaa1"
  vpc_endpoint_type = "Interface"
  service_name      = "com.amazonaws.eu-west-1.execute-api"
}

resource "aws_api_gateway_rest_api" "api" {
  name = "api"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
      Condition = {
        StringEquals = {
          "aws:SourceVpc" = aws_vpc_endpoint.api.id # expect: vpc-id-kind-mismatch high at aws_vpc_endpoint.api.id
        }
      }
    }]
  })

  endpoint_configuration {
    types = ["PRIVATE"]
  }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}
